package io.tiercel.tier;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts main classes of tests in a process of their own, with this one's class path and JVM flags. */
final class ChildStore {
    private ChildStore() {}

    static Process start(Path home, String mainClass, String... arguments) throws IOException {
        return command(home, mainClass, arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** One that writes all that it says to a file. */
    static Process startLogging(Path home, Path log, String mainClass, String... arguments) throws IOException {
        return command(home, mainClass, arguments).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static ProcessBuilder command(Path home, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.startsWith("-XX")) {
                command.add(flag);
            }
        }
        command.add("-Dtiercel.full=" + Boolean.getBoolean("tiercel.full"));
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Duser.home=" + home, "-cp",
                System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
