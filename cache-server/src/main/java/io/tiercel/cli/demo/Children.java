package io.tiercel.cli.demo;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The processes that the demo started: same JVM, same flags, same class path. None outlives it. Threadsafe. */
final class Children implements AutoCloseable {
    private final List<Process> started = new ArrayList<>();
    private boolean closed;

    /** Starts a class's main; its standard output is piped, its standard error goes to a file. */
    synchronized Process start(Class<?> main, Path err, List<String> args, Map<String, String> environment)
            throws IOException {
        if (closed) {
            throw new IOException("the demo is ending");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-javaagent") && !flag.startsWith("-agentlib")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), main.getName()));
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command);
        // What the surroundings say of settings is not meant for the demo's own node.
        builder.environment().keySet().removeIf(name -> name.startsWith("TIERCEL_"));
        builder.environment().putAll(environment);
        builder.redirectError(err.toFile()).redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            entries.add(new File(entry).getAbsolutePath());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Kills those that still run, and waits until they are gone. A second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Process process : started) {
            process.destroyForcibly();
        }
        for (Process process : started) {
            awaitEnd(process);
        }
    }

    private static void awaitEnd(Process process) {
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true; // What was killed ends anyway.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
