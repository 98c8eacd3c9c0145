package io.tiercel.cli;

import io.tiercel.TiercelException;
import io.tiercel.json.JsonWriter;
import io.tiercel.node.MountChanges;
import io.tiercel.node.NodeConfiguration;
import io.tiercel.node.TiercelNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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

    /**
     * The command with its options set, if they are spelled out in full and nothing is unusual about them; null for all
     * else: help, mistakes, values that could be something else. That is picocli's to read, which takes a third of a
     * node's start to get ready.
     */
    static @Nullable ServeCommand tryOf(Console console, List<String> arguments) {
        ServeCommand command = new ServeCommand(console);
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (command.common.tryTake(argument)) {
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
            if (!isPlain(value) || !command.tryTake(name, value)) {
                return null;
            }
        }
        return command;
    }

    private boolean tryTake(String name, String value) {
        return name.equals("--log") ? log == null && (log = value) != null : options.tryTake(name, value);
    }

    /** Whether picocli would take a value as it is. */
    private static boolean isPlain(String value) {
        return !value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0;
    }

    boolean isVerbose() {
        return common.isVerbose();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        // Before any class of the node, since the first logger settles it.
        LogForm.choose(log == null ? console.environment().getOrDefault("TIERCEL_LOG", "text") : log);
        TiercelNode.preload();
        NodeConfiguration configuration = options.load(console);
        CompletableFuture<TiercelNode> started = new CompletableFuture<>();
        HangUp hangUp = HangUp.register(() -> reload(started.join()));
        TiercelNode node = TiercelNode.launch(configuration.settings()).reloadingFrom(() -> options.load(console),
                configuration);
        DrainHook drain = DrainHook.register(node, console.err());
        started.complete(node);
        boolean isHeard = hangUp.isHeard();
        console.line(readyLine(node));
        console.out().flush();
        if (!isHeard) {
            console.err().println("tiercel: no SIGHUP here: POST /v1/reload reads the configuration again");
        }
        return drain.awaitEnd();
    }

    /** As operators expect of a server: the configuration is read again, and what is wrong in it changes nothing. */
    private void reload(TiercelNode node) {
        try {
            MountChanges changes = node.reload();
            console.err().println("reloaded " + changes.json());
        } catch (TiercelException e) {
            console.err().println("tiercel: not reloaded: " + e.getMessage());
        }
        console.err().flush();
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
