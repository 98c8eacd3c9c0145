package io.tiercel.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tiercel.node.TiercelNode;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The drawing of docs/architecture.md as a table: who may import whom. */
class PackageArrowsTest {
    private static final String ROOT = "io.tiercel";
    private static final JavaClasses SERVER = new ClassFileImporter().importPath(classesFolder());

    /** A package and those below it that it may import; everything may import {@code io.tiercel} itself. */
    enum Row {
        CLI("cli", "cli.demo", "node", "http", "shard", "tier", "json", "client", "arrow", "mapped", "wire"),
        CLI_DEMO("cli.demo", "cli", "node", "json", "client", "arrow", "mapped"),
        NODE("node", "http", "metrics", "ingress", "egress", "shard", "load", "tier", "json", "mapped", "wire",
                "storage"),
        HTTP("http", "metrics", "shard", "load", "tier", "json"),
        METRICS("metrics", "shard"),
        INGRESS("ingress", "egress", "shard", "load", "tier", "wire", "wire.codec"),
        EGRESS("egress", "shard", "load", "tier", "wire", "wire.codec"),
        SHARD("shard", "load", "tier", "json", "storage"),
        LOAD("load", "storage"),
        TIER("tier", "index", "eviction", "invalidation", "segment", "mapped"),
        INDEX("index", "segment", "mapped"),
        EVICTION("eviction", "segment"),
        INVALIDATION("invalidation", "segment", "mapped"),
        SEGMENT("segment", "mapped"),
        JSON("json");

        private final String name;
        /** Cannot be changed, though its type does not say so. */
        @SuppressWarnings("ImmutableEnumChecker")
        private final Set<String> allowed;

        Row(String name, String... below) {
            this.name = name;
            this.allowed = Stream.concat(Stream.of(ROOT, ROOT + '.' + name), Arrays.stream(below).map(b -> ROOT + '.'
                    + b))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private static Path classesFolder() {
        try {
            return Path.of(TiercelNode.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldImportOnlyWhatLiesBelow(Row row) {
        classes().that().resideInAPackage(ROOT + '.' + row.name).should()
                .onlyDependOnClassesThat(describe("lie below or are not ours", dependency -> isAllowed(row,
                        dependency)))
                .allowEmptyShould(true).check(SERVER);
    }

    private static boolean isAllowed(Row row, JavaClass dependency) {
        String name = dependency.getBaseComponentType().getPackageName();
        return !name.startsWith(ROOT) || row.allowed.contains(name);
    }

    @Test
    void shouldHaveRowForEveryPackage() {
        Set<String> packages = SERVER.stream().map(JavaClass::getPackageName).filter(name -> name.startsWith(ROOT))
                .collect(Collectors.toCollection(
                        TreeSet::new));

        assertThat(packages).isSubsetOf(
                Arrays.stream(Row.values()).map(row -> ROOT + '.' + row.name).collect(Collectors.toSet()));
    }

    @Test
    void shouldKeepWireTypesAtTheGateways() {
        noClasses().that().resideOutsideOfPackages(ROOT + ".ingress", ROOT + ".egress").should().dependOnClassesThat()
                .resideInAPackage(ROOT + ".wire.codec").check(SERVER);
    }

    @Test
    void shouldKeepRawAddressesInSegments() {
        noClasses().that().resideOutsideOfPackages(ROOT + ".segment").should().dependOnClassesThat()
                .resideInAnyPackage("java.lang.foreign", "sun.misc", "jdk.internal..").check(SERVER);
    }
}
