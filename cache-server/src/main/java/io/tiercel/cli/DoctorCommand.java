package io.tiercel.cli;

import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "doctor", description = "Looks whether this machine suits a node; exits with 1 when something must be mended.")
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "./tiercel-data", description = "Where a node is to keep its files (default: ./tiercel-data).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path dir;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<MachineCheck> checks = MachineCheck.all(dir);
        if (common.isJson()) {
            JsonWriter json = new JsonWriter().beginObject().beginArray("checks");
            checks.forEach(check -> json.beginObject().field("name", check.name()).field("state", check.state().label())
                    .field("detail", check.detail()).endObject());
            console.line(json.endArray().endObject().toString());
        } else {
            for (MachineCheck check : checks) {
                console.line(String.format("%-5s %-12s %s", check.state().label(), check.name(), check.detail()));
            }
        }
        return checks.stream().anyMatch(check -> check.state() == MachineCheck.State.BAD)
                ? ExitCode.FAILURE
                : ExitCode.DONE;
    }
}
