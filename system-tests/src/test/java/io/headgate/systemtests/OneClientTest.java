package io.headgate.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.restassured.RestAssured;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;

/** Nobody speaks HTTP past the contract by mistake. */
class OneClientTest {
    @Test
    void onlyTheCheckedClientMakesRequests() {
        noClasses()
                .that()
                .doNotHaveSimpleName("GatewayClient")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(RestAssured.class, HttpClient.class, HttpURLConnection.class)
                .because("GatewayClient checks what is sent and answered against openapi.yaml")
                .check(new ClassFileImporter().importPackages("io.headgate.systemtests"));
    }
}
