package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of several segments, none of whose rows is in the table yet. */
class LogRepairTest {
    @TempDir
    Path directory;

    private GatewayData data;

    LogRepairTest() {}

    @BeforeEach
    void fill() throws Exception {
        data = new GatewayData(directory);
        TableName t = data.create("main.fleet.t");
        data.accept(t, 40, 1);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private void run(String command, int exitCode, String says) {
        Run run = data.run("log", command);
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertTrue(Pattern.compile(says).matcher(run.out() + run.err()).find(), run::toString);
    }

    @Test
    void whatIsDamagedIsExportedAndTheLogGoesOnWithoutIt() throws Exception {
        data.close();
        try (FileChannel segment = FileChannel.open(data.segments().get(0), StandardOpenOption.WRITE)) {
            segment.write(ByteBuffer.allocate(64), 6_000);
        }
        run("check", 1, "damaged in 1 places");
        run(
                "repair",
                0,
                "(?s)positions \\d+ to \\d+ are not there any more; exported to .*log-damaged.*1 damaged ranges");
        assertTrue(GatewayData.files(directory.resolve("log-damaged"), ".*")
                .findAny()
                .isPresent());
        run("check", 0, "fine");
        run("repair", 0, "nothing is damaged");
        Run verify = data.run("verify");
        assertEquals(1, verify.exitCode(), verify::toString);
        assertTrue(
                verify.out().contains("'headgate log repair' exported them; they are in no table"), verify::toString);
    }

    @Test
    void aDamagedKeyFileIsFoundAndRepaired() throws Exception {
        data.close();
        Path keys = data.segments().get(0).resolveSibling("00000000000000000001.keys");
        Files.write(keys, new byte[512 + 4096]);
        run("check", 1, "(?s)! file 0*1.keys: .* up to 102 keys in it are not known any more.*damaged in 1 places");
        run("repair", 0, "(?s)file 0*1.keys, offset 0, 4608 bytes: .*exported to .*log-damaged.*1 damaged ranges");
        run("check", 0, "(?s)0*1.keys  0 keys, 512 bytes.*fine");
    }

    @Test
    void aSoundLogIsLeftAsItIs() throws Exception {
        data.close();
        run("repair", 0, "nothing is damaged");
        assertTrue(Files.notExists(directory.resolve("log-damaged")));
    }

    @Test
    void aLogInUseIsLeftAlone() {
        run("repair", 6, "is in use by this process");
    }
}
