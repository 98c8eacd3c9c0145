package io.tiercel.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/** One run of jcstress in a process of its own, with a folder for its report and another for the files raced on. */
final class RaceRun {
    /** A segment and its reader file are small: memory, where there is a file system of it, is many times faster. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private RaceRun() {}

    /**
     * Runs the races whose names match, with jcstress's own options for how long.
     *
     * @return a result for each race and configuration.
     */
    static List<TestResult> of(Path dir, String races, List<String> options, long limitMinutes)
            throws IOException, InterruptedException {
        Path home = Files.createTempDirectory(Files.isWritable(MEMORY) ? MEMORY : dir, "tiercel-race");
        Path output = dir.resolve("output");
        try {
            Process process = new ProcessBuilder(command(home, dir, races, options)).directory(dir.toFile())
                    .redirectErrorStream(true).redirectOutput(output.toFile()).start();
            try {
                assertThat(process.waitFor(limitMinutes, TimeUnit.MINUTES)).as("jcstress ends; so far: %s", output)
                        .isTrue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            return results(dir, output);
        } finally {
            delete(home);
        }
    }

    private static List<String> command(Path home, Path dir, String races, List<String> options) {
        List<String> flags = new ArrayList<>();
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.startsWith("-XX:+Ignore")) {
                flags.add(flag);
            }
        }
        flags.add("-Dtiercel.race.dir=" + home);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(flags);
        command.addAll(List.of("org.openjdk.jcstress.Main", "-t", races, "-r", dir.resolve("report").toString()));
        // Two processors are enough for two actors. Few states at a time, for each has files of its own.
        command.addAll(List.of("-c", "2", "-strideSize", "4", "-strideCount", "8"));
        command.addAll(List.of("-jvmArgs", "-Xmx256m " + String.join(" ", flags)));
        command.addAll(options);
        return command;
    }

    private static List<TestResult> results(Path dir, Path output) throws IOException {
        InProcessCollector collector = new InProcessCollector();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("jcstress-results")).toList()) {
                DiskReadCollector reader = new DiskReadCollector(file.toString(), collector);
                reader.dump();
                reader.close();
                Files.delete(file);
            }
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
        List<TestResult> results = List.copyOf(collector.getTestResults());
        assertThat(results).as(() -> "results; jcstress said: " + text(output)).isNotEmpty();
        return results;
    }

    private static String text(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void delete(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
