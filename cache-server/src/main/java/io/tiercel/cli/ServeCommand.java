package io.tiercel.cli;

import io.tiercel.json.JsonWriter;
import io.tiercel.node.NodeConfiguration;
import io.tiercel.node.TiercelNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Runs a node in the foreground until SIGTERM or SIGINT, which drain it.")
final class ServeCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final ServeOptions options = new ServeOptions();

    @Option(names = "--log", paramLabel = "text|json", description = "Form of the log on standard error (else TIERCEL_LOG; default: text).")
    private @Nullable String log;

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        NodeConfiguration configuration = options.load(console);
        String form = log == null ? console.environment().getOrDefault("TIERCEL_LOG", "text") : log;
        LogForm.choose(form);
        TiercelNode node = TiercelNode.launch(configuration.settings());
        DrainHook drain = DrainHook.register(node, console.err());
        console.line(readyLine(node));
        console.out().flush();
        return drain.awaitEnd();
    }

    private String readyLine(TiercelNode node) {
        String dir = node.dir().toAbsolutePath().normalize().toString();
        if (common.isJson()) {
            return new JsonWriter().beginObject().field("pid", ProcessHandle.current().pid())
                    .field("dir", dir).field("aeron", node.aeronDir())
                    .field("udp", node.udpEndpoint()).field("http", node.httpEndpoint()).endObject().toString();
        }
        return "ready pid=" + ProcessHandle.current().pid() + " dir=" + dir + " aeron=" + node.aeronDir()
                + " udp=" + node.udpEndpoint() + " http=" + node.httpEndpoint();
    }
}
