package io.tiercel.cli;

import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "version", description = "Prints the version of this build and of what it runs on.")
final class VersionCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        String version = version();
        String jdk = Runtime.version().toString();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        console.line(common.isJson()
                ? new JsonWriter().beginObject().field("version", version).field("jdk", jdk).field("os", system)
                        .endObject().toString()
                : "tiercel " + version + " (JDK " + jdk + ", " + system + ")");
        return ExitCode.DONE;
    }

    /** The jar's version; classes that come from no jar have none. */
    static String version() {
        @Nullable String version = TiercelCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
