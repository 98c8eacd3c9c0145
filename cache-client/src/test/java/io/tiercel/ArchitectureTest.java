package io.tiercel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of the client library, and the suffixes by which its tests are found. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.tiercel");

    @Test
    void shouldPointOneWay() {
        layeredArchitecture().consideringOnlyDependenciesInLayers().layer("root").definedBy("io.tiercel")
                .layer("wire").definedBy("io.tiercel.wire..").layer("mapped").definedBy("io.tiercel.mapped")
                .layer("client").definedBy("io.tiercel.client").optionalLayer("arrow").definedBy("io.tiercel.arrow..")
                .whereLayer("arrow").mayNotBeAccessedByAnyLayer().whereLayer("client").mayOnlyBeAccessedByLayers(
                        "arrow")
                .whereLayer("wire").mayOnlyBeAccessedByLayers("client").whereLayer("mapped")
                .mayOnlyBeAccessedByLayers("client").check(MAIN);
    }

    @Test
    void shouldNeedArrowInItsOwnPackageAlone() {
        noClasses().that().resideOutsideOfPackage("io.tiercel.arrow..").should().dependOnClassesThat()
                .resideInAPackage("org.apache.arrow..").check(MAIN);
    }

    @Test
    void shouldTouchRawAddressesInMappedAlone() {
        noClasses().that().resideOutsideOfPackages("io.tiercel.mapped", "io.tiercel.arrow..").should()
                .callMethod(UnsafeBuffer.class, "wrap", long.class, int.class).orShould()
                .callConstructor(UnsafeBuffer.class, long.class, int.class).orShould().dependOnClassesThat()
                .haveFullyQualifiedName("sun.misc.Unsafe").orShould().dependOnClassesThat()
                .haveFullyQualifiedName("org.agrona.UnsafeApi").check(MAIN);
    }

    @Test
    void shouldMapFilesInMappedAlone() {
        noClasses().that().resideOutsideOfPackage("io.tiercel.mapped").should().dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.MappedByteBuffer").check(MAIN);
    }

    @Test
    void shouldEndInTest() {
        JavaClasses tests = new ClassFileImporter().withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("io.tiercel");
        classes().that().containAnyMethodsThat(
                com.tngtech.archunit.base.DescribedPredicate.describe("are tests", method -> method.isMetaAnnotatedWith(
                        org.junit.platform.commons.annotation.Testable.class)))
                .should().haveSimpleNameEndingWith("Test").orShould()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT).check(tests);
    }
}
