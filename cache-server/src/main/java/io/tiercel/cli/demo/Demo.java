package io.tiercel.cli.demo;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.cli.demo.Finding.Check;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts a node to its main job in child processes and looks whether everything held. Runs on the caller's thread;
 * children and temporary files are gone when it returns, throws, or the process is told to stop.
 */
public final class Demo implements AutoCloseable {
    private static final long MIB = 1 << 20;
    private static final long MAX_FILE_LENGTH = 1024 * MIB;
    /** What the stages put, with room to spare. */
    private static final long OWN_LENGTH = 512 * MIB;
    private static final int KILL_AFTER_PUTS = 300;
    private static final int STAGE_TIMEOUT_S = 30;

    private final PrintStream progress;
    private final Workspace workspace;
    private final Children children = new Children();
    private final Thread cleaner = new Thread(this::clean, "demo-cleanup");
    private final Report report = new Report();
    private final Path files;
    private final boolean isLarge;

    private Demo(Workspace workspace, Path files, boolean isLarge, PrintStream progress) {
        this.workspace = workspace;
        this.files = files;
        this.isLarge = isLarge;
        this.progress = progress;
    }

    /**
     * Runs the demo and prints its table, or its JSON.
     *
     * @param files served read-only, or null: generated ones.
     * @param quick leaves the 300 MiB object out, as serving somebody's files does.
     * @return whether all of it held.
     * @throws TiercelException when it cannot be run at all.
     */
    public static boolean run(@Nullable Path files, boolean quick, boolean json, OutputStream out, PrintStream progress)
            throws IOException, InterruptedException {
        if (files != null && (!Files.isDirectory(files) || !Files.isReadable(files))) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "--files " + files + ": no readable folder");
        }
        Workspace workspace = Workspace.create();
        Path source = files == null ? workspace.folder("files") : files.toRealPath();
        try (Demo demo = new Demo(workspace, source, files == null && !quick, progress)) {
            Runtime.getRuntime().addShutdownHook(demo.cleaner);
            demo.generate(files == null);
            demo.run();
            String text = json ? demo.report.json() : String.join("\n", demo.report.lines());
            out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            return demo.report.isHeld();
        }
    }

    private void generate(boolean areFilesOwn) throws IOException {
        if (areFilesOwn) {
            requireDisk(isLarge ? 2 * ArrowSamples.LARGE_LENGTH : 0);
            progress.println("generating Arrow files");
            ArrowSamples.writeSmall(files);
            if (isLarge) {
                ArrowSamples.writeLarge(files.resolve(ArrowSamples.LARGE));
            }
        }
        InvalidateStage.write(workspace.folder(Target.WORK));
    }

    private void requireDisk(long bytes) throws IOException {
        long needed = bytes + OWN_LENGTH;
        if (workspace.freeBytes() < needed) {
            throw new TiercelException(ErrorCode.NO_SPACE,
                    "the demo needs " + Figures.size(needed) + " under " + workspace.root() + ", there are "
                            + Figures.size(workspace.freeBytes()) + ": set -Djava.io.tmpdir in TIERCEL_JAVA_OPTS"
                            + (isLarge ? ", or give --quick" : ""));
        }
    }

    private void run() throws IOException, InterruptedException {
        long mappedCapacity = 2 * checkedLength() + OWN_LENGTH;
        requireDisk(mappedCapacity);
        progress.println("starting a node");
        NodeProcess node = startNode("node-1.log", mappedCapacity);
        if (isLarge) {
            stage("large", node);
        }
        stage("read", node);
        stage("latency", node);
        stage("invalidate", node);
        putAndKill(node);
        progress.println("starting the node again");
        NodeProcess again = startNode("node-2.log", mappedCapacity);
        stage("verify", again);
        int exitCode = again.stop();
        report.add(new Check("a node that is told to stop drains and exits with 0", exitCode == 0,
                "exit code " + exitCode));
    }

    /** Bytes of all files, none of which would fail later and elsewhere: for its name or for its size. */
    private long checkedLength() throws IOException {
        List<Path> all = ReadStage.filesUnder(files);
        if (all.isEmpty()) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "--files " + files + ": there are no files in it");
        }
        long total = 0;
        for (Path file : all) {
            Key.of("files/" + files.relativize(file));
            long length = Files.size(file);
            if (length > MAX_FILE_LENGTH) {
                throw new TiercelException(ErrorCode.TOO_LARGE, "--files " + files + ": " + file.getFileName() + " has "
                        + Figures.size(length) + ", the largest object " + Figures.size(MAX_FILE_LENGTH));
            }
            total += length;
        }
        return total;
    }

    private NodeProcess startNode(String log, long mappedCapacity) throws IOException {
        return NodeProcess.start(children, workspace, log, List.of("--mapped", mappedCapacity / MIB + "MiB", "--mount",
                "files=" + uri(files) + "#readOnly=true",
                "--mount",
                "work=" + uri(workspace.folder(Target.WORK)), "--mount", "cache=cache:"));
    }

    private static String uri(Path folder) {
        return folder.toUri().toString();
    }

    private void stage(String name, NodeProcess node) throws IOException, InterruptedException {
        progress.println("client: " + name);
        Process client = startStage(name, node);
        try (BufferedReader lines = client.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Finding finding = Finding.tryParse(line);
                if (finding != null) {
                    report.add(finding);
                }
            }
        }
        awaitEnd(name, client);
    }

    private Process startStage(String name, NodeProcess node) throws IOException {
        Target target = new Target(node.dir(), node.udp(), node.http(), node.pid(), files, workspace.root(),
                workspace.driverFolder());
        return children.start(DemoClient.class, workspace.file(name + ".log"),
                Stream.concat(Stream.of(name), target.args().stream()).toList(), Map.of());
    }

    private void awaitEnd(String name, Process client) throws IOException, InterruptedException {
        if (!client.waitFor(STAGE_TIMEOUT_S, TimeUnit.SECONDS) || client.exitValue() != 0) {
            String words = Files.readString(workspace.file(name + ".log")).strip();
            report.add(new Check("the client process '" + name + "' ends well", false,
                    words.isEmpty() ? "no word of why" : words.substring(0, Math.min(words.length(), 400))));
        }
    }

    /** Kills the node when some puts were acknowledged and more are on their way. */
    private void putAndKill(NodeProcess node) throws IOException, InterruptedException {
        progress.println("client: put, until the node is killed");
        Process client = startStage("put", node);
        int acknowledged = 0;
        try (BufferedReader lines = client.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!(Finding.tryParse(line) instanceof Check check)) {
                    continue;
                }
                if (!check.name().equals(PutStage.ACKNOWLEDGED)) {
                    report.add(check);
                } else if (++acknowledged == KILL_AFTER_PUTS) {
                    node.kill();
                }
            }
        }
        awaitEnd("put", client);
    }

    /** On the cleaner's thread, or on the caller's when that has nothing to do any more. */
    private void clean() {
        children.close();
        try {
            workspace.close();
        } catch (IOException e) {
            progress.println("tiercel: left behind: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            awaitEndOfProcess(); // It was told to stop: the cleaner is at work, and there is nothing more to say.
        }
        clean();
    }

    private static void awaitEndOfProcess() {
        while (true) {
            LockSupport.park();
        }
    }
}
