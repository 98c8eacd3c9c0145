package io.tiercel.cli.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Entry of a client process: the stage's name, then the target. Findings are lines of standard output. */
final class DemoClient {
    private DemoClient() {}

    public static void main(String[] args) throws Exception {
        List<String> parts = Arrays.asList(args);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Stage.of(parts.get(0)).run(Target.parse(parts.subList(1, parts.size())),
                finding -> out.println(finding.line()));
        System.exit(0);
    }
}
