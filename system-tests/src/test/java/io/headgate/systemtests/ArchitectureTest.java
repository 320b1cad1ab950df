package io.headgate.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between modules, as docs/ARCHITECTURE.md draws them. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.headgate");

    @Test
    void modulesDependOnlyOnWhatTheDesignAllows() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.headgate..")
                .layer("model")
                .definedBy("io.headgate.model..")
                .layer("auth")
                .definedBy("io.headgate.auth..")
                .layer("schema")
                .definedBy("io.headgate.schema..")
                .layer("batching")
                .definedBy("io.headgate.batching..")
                .layer("wal")
                .definedBy("io.headgate.wal..")
                .layer("delta")
                .definedBy("io.headgate.delta..")
                .layer("gateway")
                .definedBy("io.headgate.gateway..")
                .whereLayer("model")
                .mayNotAccessAnyLayer()
                .whereLayer("auth")
                .mayOnlyAccessLayers("model")
                .whereLayer("schema")
                .mayOnlyAccessLayers("model")
                .whereLayer("batching")
                .mayOnlyAccessLayers("model")
                .whereLayer("wal")
                .mayOnlyAccessLayers("model", "batching")
                .whereLayer("delta")
                .mayOnlyAccessLayers("model", "schema", "batching")
                .whereLayer("gateway")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    /** Parquet's library is called by those parts that need none of its classes, and there is none in the program. */
    @Test
    void nothingRefersToHadoop() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hadoop..")
                .check(CLASSES);
    }
}
