package io.headgate.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
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
                .haveNameMatching("io\\.restassured\\.RestAssured|java\\.net\\.(http\\.HttpClient|HttpURLConnection)")
                .because("GatewayClient checks what is sent and answered against openapi.yaml")
                .check(new ClassFileImporter().importPackages("io.headgate.systemtests"));
    }
}
