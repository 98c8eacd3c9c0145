package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.ObjectStream;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Writes an object's bytes to standard output or to a file.")
final class GetCommand extends NodeCommand {
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,18})-([0-9]{0,18})");

    @Parameters(paramLabel = "KEY", converter = KeyConverter.class, description = "The object.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE", description = "Written beside and renamed when it is whole, so that FILE is never half.")
    private @Nullable Path output;

    @Option(names = "--range", paramLabel = "A-B", description = "Only these bytes, from 0, both ends included; B may be left out.")
    private @Nullable String range;

    private long offset;
    private long length = Long.MAX_VALUE;

    GetCommand(Console console) {
        super(console);
    }

    @Override
    void prepare() {
        if (isJson() && output == null) {
            throw new UsageException("--json needs -o FILE: standard output takes the bytes");
        }
        if (range != null) {
            parseRange(range);
        }
    }

    @Override
    int run(TiercelClient client) throws IOException {
        try (ObjectStream object = client.openStream(key, offset, length, TimeUnit.MILLISECONDS.toNanos(timeoutMs()))) {
            if (object == null) {
                throw new TiercelException(ErrorCode.NOT_FOUND, "no such object: " + key);
            }
            if (range != null && offset >= object.objectLength()) {
                throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "no byte of the range lies in the object: range="
                        + range + " length=" + object.objectLength());
            }
            if (output == null) {
                copy(object, console().out());
            } else {
                long count = object.left();
                OutputFile.write(output, out -> copy(object, out));
                if (isJson()) {
                    console().line(json(object, count, output));
                }
            }
        }
        return ExitCode.DONE;
    }

    private void parseRange(String text) {
        Matcher matcher = RANGE.matcher(text);
        long last = -1;
        if (matcher.matches()) {
            offset = Long.parseLong(matcher.group(1));
            last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
        }
        if (last < offset) {
            throw new UsageException("--range " + text + ": expected A-B, from 0, A at most B");
        }
        length = last == Long.MAX_VALUE ? last : last - offset + 1;
    }

    private String json(ObjectStream object, long count, Path file) {
        return new JsonWriter().beginObject().field("key", key.toString()).field("length", count)
                .field("etag", object.etag()).field("contentType", object.contentType())
                .field("file", file.toString()).endObject().toString();
    }

    /** Through a chunk on the heap, so that an object is never held twice. */
    private static void copy(ObjectStream from, OutputStream to) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK_LENGTH, from.left())];
        for (int count = from.read(chunk); count > 0; count = from.read(chunk)) {
            to.write(chunk, 0, count);
        }
    }
}
