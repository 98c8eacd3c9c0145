package io.tiercel.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SoakSystemTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldHoldThroughEveryKindOfFault() {
        int exitCode = soak(UnaryOperator.identity(), "--minutes", "0.15");

        assertThat(exitCode).as(out.toString() + err).isZero();
        assertThat(out.toString()).contains("soak: seed=").contains("READ=").contains("PUT=").containsPattern(
                "kills=[1-9]")
                .containsPattern("readerDeaths=[1-9]").containsPattern("storeFaults=[1-9]").containsPattern(
                        "hits=[1-9]");
    }

    @Test
    void shouldFailOnTheFirstStaleRead() {
        int exitCode = soak(SoakSystemTest::remembering, "--minutes", "5", "--seed", "7");

        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString()).contains("FAILED with --seed 7: worker-").contains("stale: version=");
    }

    @Test
    void shouldRefuseAFolderThatHoldsSomething() throws Exception {
        Files.createFile(folder.resolve("mine"));

        int exitCode = soak(UnaryOperator.identity(), "--minutes", "1", "--dir", folder.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("expected an empty folder");
    }

    private int soak(UnaryOperator<SoakClient> wrapping, String... arguments) {
        return new CommandLine(new SoakCommand(wrapping)).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true)).execute(arguments);
    }

    /** Answers whole reads with what it read first of a key, whatever was acknowledged since. */
    private static SoakClient remembering(SoakClient client) {
        Map<String, byte[]> first = new ConcurrentHashMap<>();
        return changing(client, (key, bytes) -> first.computeIfAbsent(key, any -> bytes));
    }

    /** What becomes of the bytes that a client read. */
    private interface Change {
        byte[] of(String key, byte[] bytes);
    }

    private static SoakClient changing(SoakClient client, Change change) {
        return (SoakClient) Proxy.newProxyInstance(SoakClient.class.getClassLoader(), new Class<?>[]{SoakClient.class},
                (proxy, method, arguments) -> {
                    Object answer;
                    try {
                        answer = method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                    return method.getName().equals("read") && answer instanceof byte[] bytes
                            ? change.of((String) arguments[0], bytes)
                            : answer;
                });
    }
}
