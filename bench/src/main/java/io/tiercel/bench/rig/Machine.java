package io.tiercel.bench.rig;

import com.sun.management.OperatingSystemMXBean;
import io.tiercel.bench.process.Placement;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What figures were measured on. Stateless. */
final class Machine {
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();
    private static final String UNKNOWN = "unknown";

    private Machine() {}

    static Map<String, Object> description() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System
                .getProperty("os.arch"));
        fields.put("cpu", cpu());
        fields.put("cores", Placement.coreCount());
        fields.put("memoryBytes", SYSTEM.getTotalMemorySize());
        fields.put("jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"));
        return fields;
    }

    /** Of the last minute; negative where it is not known. */
    static double loadAverage() {
        return SYSTEM.getSystemLoadAverage();
    }

    /** Without the project's own properties, which say where things lie on this machine. */
    static List<String> jvmFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(flag -> !flag.startsWith(
                "-Dtiercel.")).toList();
    }

    private static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** The commit of the checkout that the launcher names, with {@code +} where something has changed since. */
    static String commit() {
        String root = System.getProperty("tiercel.root");
        if (root == null) {
            return UNKNOWN;
        }
        String commit = git(root, "rev-parse", "--short", "HEAD");
        return commit.equals(UNKNOWN) || git(root, "status", "--porcelain", "-uno").isEmpty() ? commit : commit + "+";
    }

    private static String git(String root, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("git", "-C", root));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? said.strip() : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
