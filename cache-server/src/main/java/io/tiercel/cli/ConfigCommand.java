package io.tiercel.cli;

import io.tiercel.json.JsonWriter;
import io.tiercel.node.EffectiveSetting;
import io.tiercel.node.NodeConfiguration;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "config", description = "Prints the settings that 'serve' would run with, and where each comes from.")
final class ConfigCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final ServeOptions options = new ServeOptions();

    ConfigCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        NodeConfiguration configuration = options.load(console);
        if (common.isJson()) {
            JsonWriter json = new JsonWriter().beginObject();
            for (EffectiveSetting setting : configuration.effective()) {
                json.beginObject(setting.key()).field("value", setting.value()).field("origin", setting.origin())
                        .endObject();
            }
            console.line(json.endObject().toString());
        } else {
            for (EffectiveSetting setting : configuration.effective()) {
                console.line(String.format("%-24s %-24s # %s", setting.key(), setting.value(), setting.origin()));
            }
        }
        return ExitCode.DONE;
    }
}
