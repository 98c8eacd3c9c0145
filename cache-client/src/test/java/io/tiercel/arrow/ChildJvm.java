package io.tiercel.arrow;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A class's main run in a Java of its own, so that its crash is a result and not the end of the tests. Assertions are
 * off: with them Arrow keeps records of each buffer.
 *
 * @param exitCode -1 when it had to be killed after the timeout.
 */
record ChildJvm(int exitCode, List<String> lines) {

    static ChildJvm run(Class<?> main, List<String> jvmArguments, List<String> arguments, long timeoutSeconds)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("tiercel-child", ".txt");
        try {
            Process process = new ProcessBuilder(command(main, jvmArguments, arguments)).redirectErrorStream(true)
                    .redirectOutput(output.toFile()).start();
            boolean isDone = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
            if (!isDone) {
                process.destroyForcibly().waitFor();
            }
            return new ChildJvm(isDone ? process.exitValue() : -1, Files.readAllLines(output));
        } finally {
            Files.delete(output);
        }
    }

    private static List<String> command(Class<?> main, List<String> jvmArguments, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.startsWith("-XX:+IgnoreUnrecognizedVMOptions")) {
                command.add(flag);
            }
        }
        command.add("-Xmx512m");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "tiercel-child-crash.log"));
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    /** Its last words. */
    String tail() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
