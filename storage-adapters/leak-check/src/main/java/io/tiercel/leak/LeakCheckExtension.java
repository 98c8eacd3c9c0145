package io.tiercel.leak;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fails a test after which the process holds threads, open files or mappings that it did not hold before, and names
 * them. A class whose fixtures live longer than one test is checked at its end.
 *
 * <p>What ends in the background is given time, with the collector asked to run meanwhile, since a mapping or a
 * descriptor may wait for its cleaner. A test that failed by itself is not complained about again. Threadsafe, but what
 * runs at the same time is taken for the test's.
 */
public final class LeakCheckExtension
        implements
            BeforeAllCallback,
            AfterAllCallback,
            BeforeEachCallback,
            AfterEachCallback {
    /** Configuration parameter: how long what ends in the background is waited for. Default 30 s. */
    public static final String PATIENCE_MS = "tiercel.leak.patienceMs";

    private static final long DEFAULT_PATIENCE_MS = TimeUnit.SECONDS.toMillis(30);
    private static final long POLL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
            .create(LeakCheckExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        remember(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!hasLongLivedFixtures(context)) {
            remember(context);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!hasLongLivedFixtures(context)) {
            check(context);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        check(context);
    }

    private static void remember(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), Holdings.now());
    }

    private static void check(ExtensionContext context) {
        Holdings before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Holdings.class);
        if (before == null || context.getExecutionException().isPresent()) {
            return;
        }
        long patienceMs = context.getConfigurationParameter(PATIENCE_MS, Long::valueOf).orElse(DEFAULT_PATIENCE_MS);
        Set<String> left = leftBehind(before, TimeUnit.MILLISECONDS.toNanos(patienceMs));
        if (!left.isEmpty()) {
            throw new AssertionError(
                    context.getDisplayName() + " leaves behind:\n  " + String.join("\n  ", left));
        }
    }

    /** What is held beyond {@code before} when it is all gone, or the patience is over. */
    static Set<String> leftBehind(Holdings before, long patienceNs) {
        long deadlineNs = System.nanoTime() + patienceNs;
        Set<String> left = Holdings.now().beyond(before);
        while (!left.isEmpty() && System.nanoTime() - deadlineNs < 0) {
            System.gc();
            LockSupport.parkNanos(POLL_INTERVAL_NS);
            left = Holdings.now().beyond(before);
        }
        return left;
    }

    private static boolean hasLongLivedFixtures(ExtensionContext context) {
        boolean shared = context.getTestInstanceLifecycle().orElse(
                TestInstance.Lifecycle.PER_METHOD) == TestInstance.Lifecycle.PER_CLASS;
        for (Class<?> type = context.getRequiredTestClass(); !shared && type != null; type = type.getEnclosingClass()) {
            shared = hasStaticFixtures(type);
        }
        return shared;
    }

    private static boolean hasStaticFixtures(Class<?> testClass) {
        for (@Nullable Class<?> type = testClass; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(BeforeAll.class)) {
                    return true;
                }
            }
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.isAnnotationPresent(TempDir.class)) {
                    return true;
                }
            }
        }
        return false;
    }
}
