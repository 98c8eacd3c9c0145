package io.tiercel.node;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The launcher beside jars of the classes under test, as a distribution has them, in a folder of a test. */
final class Distribution {
    private final Path root;
    private final AtomicInteger starts = new AtomicInteger();

    private Distribution(Path root) {
        this.root = root;
    }

    /** Makes one in an empty folder; or takes the unpacked one that {@code tiercel.distribution} names. */
    static Distribution in(Path root) throws IOException {
        String unpacked = System.getProperty("tiercel.distribution");
        return unpacked == null ? make(root) : new Distribution(Path.of(unpacked));
    }

    private static Distribution make(Path root) throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        Path lib = Files.createDirectories(root.resolve("lib"));
        Path sources = Path.of(System.getProperty("tiercel.root"), "cache-server", "bin");
        try (Stream<Path> scripts = Files.list(sources)) {
            for (Path script : scripts.toList()) {
                Path copy = Files.copy(script, bin.resolve(script.getFileName()));
                copy.toFile().setExecutable(true);
            }
        }
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isRegularFile(path)) {
                jars.add(Files.copy(path, lib.resolve(path.getFileName())).getFileName().toString());
            } else if (Files.isDirectory(path) && !path.endsWith("test-classes")) {
                String name = "module-" + jars.size() + ".jar";
                pack(path, lib.resolve(name), new Manifest());
                jars.add(name);
            }
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", jars));
        pack(Files.createDirectory(root.resolve("empty")), lib.resolve("tiercel.jar"), manifest);
        return new Distribution(root);
    }

    private static void pack(Path folder, Path jar, Manifest manifest) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(folder.relativize(path).toString().replace(File.separatorChar, '/')));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
    }

    /** Makes the archive of classes, as the build does, and answers it. */
    Path makeClassArchive() throws IOException, InterruptedException {
        Process maker = start("class-archive.sh", List.of(), Map.of(), nextLog());
        try (BufferedReader output = outputOf(maker)) {
            while (output.readLine() != null) {
                Thread.onSpinWait();
            }
        }
        if (maker.waitFor() != 0) {
            throw new IOException("no class archive was made");
        }
        try (Stream<Path> files = Files.list(root.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jsa")).findFirst().orElseThrow();
        }
    }

    /** Runs {@code tiercel serve} on free ports, and returns at once. */
    Served serve(Path dir, List<String> options, Map<String, String> environment) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--dir", dir.toString(), "--udp", "127.0.0.1:0",
                "--http", "127.0.0.1:0"));
        arguments.addAll(options);
        Path log = nextLog();
        return new Served(start("tiercel", arguments, environment, log), log);
    }

    private Path nextLog() {
        return root.resolve("log-" + starts.incrementAndGet());
    }

    private Process start(String script, List<String> arguments, Map<String, String> environment, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", root.resolve("bin").resolve(script).toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What the process that was started last wrote to standard error. */
    String log() throws IOException {
        return Files.readString(root.resolve("log-" + starts.get()));
    }

    private static BufferedReader outputOf(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** A node that the launcher started. */
    static final class Served implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final Path log;

        private Served(Process process, Path log) {
            this.process = process;
            this.log = log;
            this.output = outputOf(process);
        }

        /** The first line of its standard output; null when it ends without one. */
        String firstLine() throws IOException {
            return output.readLine();
        }

        /** What it wrote to standard error. */
        String log() throws IOException {
            return Files.readString(log);
        }

        long pid() {
            return process.pid();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        /** kill -9, and waits for its end. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        /** Waits until it ends by itself; answers its exit code. */
        int awaitEnd() throws InterruptedException {
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        }

        /** SIGTERM; answers its exit code. */
        int stop() throws InterruptedException {
            process.destroy();
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
