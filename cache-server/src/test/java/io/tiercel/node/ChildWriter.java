package io.tiercel.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that begins puts over Aeron and over HTTP, sends a part of each, and never goes on. */
final class ChildWriter implements AutoCloseable {
    static final int PUTS = 2;
    static final int LENGTH = 3_000_000;
    private static final String BEGUN = "begun";
    private static final int PART = 100_000;

    private final Process process;

    private ChildWriter(Process process) {
        this.process = process;
    }

    /** The child's main: arguments are the media driver's folder and the node's HTTP port. */
    public static void main(String[] args) throws IOException {
        try (RawClient client = new RawClient(args[0]); Socket http = new Socket()) {
            client.openPut(2, "begun/aeron", LENGTH);
            client.sendPart(2, 0, PART);
            http.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1])));
            OutputStream out = http.getOutputStream();
            out.write(("PUT /v1/objects/begun/http HTTP/1.1\r\nHost: node\r\nContent-Length: " + LENGTH + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[PART]);
            out.flush();
            System.out.println(BEGUN);
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    static ChildWriter start(String aeronDir, int httpPort) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-javaagent") && !flag.startsWith("-agentlib")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path"), ChildWriter.class.getName(),
                aeronDir, Integer.toString(httpPort)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.equals(BEGUN)) {
            line = output.readLine();
        }
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("the child has begun no put");
        }
        return new ChildWriter(process);
    }

    /** kill -9, and waits for its end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
