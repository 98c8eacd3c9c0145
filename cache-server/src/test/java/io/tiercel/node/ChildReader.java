package io.tiercel.node;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A mapped client in a process of its own that holds one frame, and does with it as it is told. */
final class ChildReader implements AutoCloseable {
    private static final String LEASED = "leased";

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    private ChildReader(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** What the frame holds. */
    static byte[] pattern() {
        byte[] bytes = new byte[20_000];
        Arrays.fill(bytes, (byte) 0x5A);
        return bytes;
    }

    /** The child's main: answers each line of its standard input with one. */
    public static void main(String[] args) throws IOException {
        Key key = Key.of(args[1]);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (TiercelClient client = TiercelClient.connect(new TiercelClient.Context().nodeDir(Path.of(args[0]))
                .connectTimeoutNs(TimeUnit.SECONDS.toNanos(30)).requestTimeoutNs(TimeUnit.SECONDS.toNanos(30)))) {
            Frame frame = new Frame();
            System.out.println(client.get(key, frame) && frame.isMapped() ? LEASED : "not mapped");
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(answer(order, client, key, frame));
            }
        }
    }

    private static String answer(String order, TiercelClient client, Key key, Frame frame) {
        return switch (order) {
            case "check" -> check(frame);
            case "again" -> again(client, key);
            case "close" -> close(frame);
            case "write" -> write(frame);
            default -> throw new IllegalArgumentException("order=" + order);
        };
    }

    private static String check(Frame frame) {
        byte[] bytes = new byte[(int) frame.length()];
        frame.buffer().getBytes(0, bytes);
        return Arrays.equals(bytes, pattern()) ? "same" : "other";
    }

    private static String again(TiercelClient client, Key key) {
        Frame second = new Frame();
        boolean isThere = client.get(key, second);
        second.close();
        return isThere ? "there" : "absent";
    }

    private static String close(Frame frame) {
        frame.close();
        return "closed";
    }

    private static String write(Frame frame) {
        new UnsafeBuffer(frame.address(), (int) frame.length()).putByte(0, (byte) 1);
        return "written";
    }

    static ChildReader start(Path dir, Key key) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-javaagent") && !flag.startsWith("-agentlib")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx128m", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + dir.resolve("crash.log"),
                "-cp", System.getProperty("java.class.path"), ChildReader.class.getName(), dir.toString(),
                key.toString()));
        ChildReader child = new ChildReader(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        if (!LEASED.equals(child.answer())) {
            child.close();
            throw new IOException("the child has no mapped frame");
        }
        return child;
    }

    /** Its answer to an order, null when it ended instead. */
    @Nullable
    String ask(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        return answer();
    }

    /** The next line that is an answer: a virtual machine that dies writes some of its own. */
    private @Nullable String answer() throws IOException {
        String line = answers.readLine();
        while (line != null && !line.matches("[a-z ]+")) {
            line = answers.readLine();
        }
        return line;
    }

    /** Sends a signal by name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " fails");
        }
    }

    /** kill -9, and waits for its end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
