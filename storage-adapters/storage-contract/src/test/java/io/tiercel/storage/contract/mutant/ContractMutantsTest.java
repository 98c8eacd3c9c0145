package io.tiercel.storage.contract.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.ListingCostContract;
import io.tiercel.storage.contract.StorageAdapterContract;
import io.tiercel.storage.memory.MemoryStorage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Each test of the contract can fail: it does on a store that breaks the rule it stands for. The suite runs as a whole on
 * each broken store, but for the tests of what listings cost, which take seconds and run where they are to fail.
 */
class ContractMutantsTest {
    private static final Mutant WHOLE = Mutant.of("none", store -> store);
    private static final Set<String> SLOW = testsOf(ListingCostContract.class);

    /** The store of the run that is on: tests of this class come one after another. */
    private static volatile Mutant current = WHOLE;

    static Stream<Mutant> mutants() {
        return Stream.of(BrokenReads.mutants(), BrokenAnswers.mutants(), BrokenWrites.mutants(),
                BrokenRemovals.mutants(), BrokenListings.mutants()).flatMap(List::stream);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("mutants")
    void shouldFailOnAStoreThatBreaksARule(Mutant mutant) {
        assertThat(run(mutant).red).as("tests that fail where this is not so: %s", mutant).containsAll(mutant.red());
    }

    @Test
    void shouldHaveABrokenStoreForEachTest() {
        Set<String> suite = new TreeSet<>(run(WHOLE).green);
        suite.addAll(SLOW);

        Set<String> failing = new TreeSet<>();
        mutants().forEach(mutant -> failing.addAll(mutant.red()));

        assertThat(failing).isEqualTo(suite);
    }

    @Test
    void shouldPassAndSkipNothingOnAWholeStore() {
        Outcome outcome = run(WHOLE);

        assertThat(outcome.red).isEmpty();
        assertThat(outcome.skipped).isEmpty();
        assertThat(outcome.green).isNotEmpty();
    }

    /** The suite on the store of the run; nothing but the launcher below finds it. */
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static final class Suite extends StorageAdapterContract {
        @Override
        protected StorageAdapter openEmpty() {
            return current.breaking().apply(new MemoryStorage("memory:", 1 << 28));
        }
    }

    /** Names of tests; one that takes arguments is red when it is with any. */
    private static final class Outcome implements TestExecutionListener {
        private final Set<String> green = new TreeSet<>();
        private final Set<String> red = new TreeSet<>();
        private final Set<String> skipped = new TreeSet<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() && test.getSource().orElse(null) instanceof MethodSource source) {
                Set<String> names = switch (result.getStatus()) {
                    case Status.SUCCESSFUL -> green;
                    case Status.FAILED -> red;
                    case Status.ABORTED -> skipped;
                };
                names.add(source.getMethodName());
            }
        }
    }

    private static Outcome run(Mutant mutant) {
        current = mutant;
        Outcome outcome = new Outcome();
        PostDiscoveryFilter quick = test -> FilterResult.includedIf(
                !(test.getSource().orElse(null) instanceof MethodSource source)
                        || !SLOW.contains(source.getMethodName())
                        || mutant.red().contains(source.getMethodName()));
        LauncherFactory.create(LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
                .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Suite.class)).filters(quick)
                        .build(), outcome);
        return outcome;
    }

    private static Set<String> testsOf(Class<?> topic) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(topic.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(Test.class))
                .forEach(method -> names.add(method.getName()));
        return names;
    }
}
