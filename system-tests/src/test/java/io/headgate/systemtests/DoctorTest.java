package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor and the configuration's check, of the packaged program. */
class DoctorTest {
    private static final String TABLE = "main.fleet.telemetry";

    @TempDir
    Path directory;

    @Test
    void besideARunningGatewayItFindsTheGatewayAndLeavesItAlone() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            HeadgateProgram.Result result = program.runConfigured("doctor").ok();
            String held = " is held by the gateway that runs on this log, process "
                    + program.gateway().pid();
            assertLine("ok +http-port +127.0.0.1:" + program.port() + held, result);
            assertLine("ok +management-port +127.0.0.1:" + program.managementPort() + held, result);
            assertLine("ok +tables +1 tables below .*", result);
            assertLine("ok +clock +20[0-9-]+T.*", result);
            assertLine("ok +issuer-key +.*", result);
            assertLine("[0-9]+ checks: .*, 0 fail, .*", result);
            String token = program.token("device", TABLE);
            assertEquals(200, program.post(TABLE, token, "{\"id\":\"a\"}").statusCode());
            assertEquals(0, program.terminate());
        }
    }

    @Test
    void aKeyThatOthersMayReadFails() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.token("device", TABLE);
            Files.setPosixFilePermissions(
                    directory.resolve("issuer.jwk"), PosixFilePermissions.fromString("rw-r--r--"));
            HeadgateProgram.Result result = program.runConfigured("doctor");
            assertEquals(1, result.exitCode(), result.out());
            assertLine("fail +issuer-key +.* may be read by others.*", result);
            assertLine("[0-9]+ checks: .*, 1 fail, .*", result);
        }
    }

    @Test
    void fewFileHandlesAreAWarning() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            Process doctor = new ProcessBuilder(
                            "sh",
                            "-c",
                            "ulimit -n 300; exec \"$@\"",
                            "sh",
                            HeadgateProgram.launcher().toString(),
                            "doctor",
                            "--config",
                            program.config().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("out").toFile())
                    .start();
            assertTrue(doctor.waitFor(60, TimeUnit.SECONDS));
            String out = Files.readString(directory.resolve("out"));
            assertEquals(0, doctor.exitValue(), out);
            assertTrue(
                    Pattern.compile(
                                    "(?m)^warn +file-handles +300 may be open, .*: only 44 connections would be served$")
                            .matcher(out)
                            .find(),
                    out);
        }
    }

    @Test
    void variablesGoBeforeTheFileAndUnknownOnesAreRefused() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.with("HEADGATE_COMMIT_INTERVAL", "7s");
            assertLine(
                    "commit.interval: 7s +# HEADGATE_COMMIT_INTERVAL",
                    program.runConfigured("config", "check", "--show").ok());
            program.with("HEADGATE_COMMIT_INTERVALL", "7s");
            HeadgateProgram.Result wrong = program.runConfigured("config", "check");
            assertEquals(4, wrong.exitCode());
            assertEquals(
                    List.of("HEADGATE_COMMIT_INTERVALL: is the variable of no known key: did you mean"
                            + " HEADGATE_COMMIT_INTERVAL?"),
                    wrong.lines());
            assertEquals(4, program.runConfigured("serve").exitCode());
        }
    }

    private static void assertLine(String pattern, HeadgateProgram.Result result) {
        assertTrue(
                result.lines().stream().anyMatch(line -> line.matches(pattern)),
                () -> pattern + " is no line of\n" + result.out());
    }
}
