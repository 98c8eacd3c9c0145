package io.tiercel.cli;

import io.tiercel.json.JsonWriter;
import io.tiercel.tier.StoreReport;
import io.tiercel.tier.StoreVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "verify", description = "Checks the files of a stopped node, changing nothing; exits 1 on damage.")
final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--dir", paramLabel = "DIR", description = "Directory of the node (else TIERCEL_DIR; default: ./tiercel-data).")
    private @Nullable Path dir;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path directory = dir == null
                ? Path.of(console.environment().getOrDefault("TIERCEL_DIR", "tiercel-data"))
                : dir;
        StoreReport report = StoreVerifier.verify(directory);
        if (common.isJson()) {
            console.line(json(directory, report));
        } else {
            print(directory, report);
        }
        return report.damageCount() == 0 ? ExitCode.DONE : ExitCode.FAILURE;
    }

    private void print(Path directory, StoreReport report) throws IOException {
        console.line("directory     " + directory.toAbsolutePath().normalize() + ", "
                + (report.isCleanStop() ? "stopped cleanly" : "not stopped cleanly"));
        console.line("files         " + report.files() + ", " + report.bytes() + " bytes, " + report.segments()
                + " segments");
        console.line("frames        " + report.live() + " live, " + report.dead() + " dead, " + report.torn()
                + " torn, " + report.superseded() + " superseded");
        console.line("index         " + (report.isIndexChecked()
                ? report.indexEntries() + " entries"
                : "not checked: the next start rebuilds it"));
        for (StoreReport.Damage damage : report.damages()) {
            console.line("damage        " + damage.file() + " at " + damage.offset() + ": " + damage.what());
        }
        console.line("damages       " + report.damageCount());
    }

    private static String json(Path directory, StoreReport report) {
        JsonWriter out = new JsonWriter().beginObject()
                .field("dir", directory.toAbsolutePath().normalize().toString())
                .field("cleanStop", report.isCleanStop()).field("files", report.files())
                .field("bytes", report.bytes()).field("segments", report.segments());
        out.beginObject("frames").field("live", report.live()).field("dead", report.dead())
                .field("torn", report.torn()).field("superseded", report.superseded()).endObject();
        out.beginObject("index").field("checked", report.isIndexChecked()).field("entries", report.indexEntries())
                .endObject();
        out.field("damageCount", report.damageCount()).beginArray("damage");
        for (StoreReport.Damage damage : report.damages()) {
            out.beginObject().field("file", damage.file()).field("offset", damage.offset())
                    .field("what", damage.what()).endObject();
        }
        return out.endArray().endObject().toString();
    }
}
