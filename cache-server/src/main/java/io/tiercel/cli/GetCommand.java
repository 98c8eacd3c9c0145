package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Writes an object's bytes to standard output or to a file.")
final class GetCommand extends NodeCommand {
    private static final int CHUNK_LENGTH = 256 * 1024;

    @Parameters(paramLabel = "KEY", converter = KeyConverter.class, description = "The object.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE", description = "Written beside and renamed when it is whole, so that FILE is never half.")
    private @Nullable Path output;

    GetCommand(Console console) {
        super(console);
    }

    @Override
    void prepare() {
        if (isJson() && output == null) {
            throw new UsageException("--json needs -o FILE: standard output takes the bytes");
        }
    }

    @Override
    int run(TiercelClient client) throws IOException {
        try (Frame frame = client.get(key)) {
            if (frame == null) {
                throw new TiercelException(ErrorCode.NOT_FOUND, "no such object: " + key);
            }
            if (output == null) {
                copy(frame.byteBuffer(), console().out());
            } else {
                OutputFile.write(output, frame.byteBuffer());
                if (isJson()) {
                    console().line(json(frame, output));
                }
            }
        }
        return ExitCode.DONE;
    }

    private String json(Frame frame, Path file) {
        return new JsonWriter().beginObject().field("key", key.toString()).field("length", frame.length())
                .field("etag", frame.etag()).field("contentType", frame.contentType()).field("file", file.toString())
                .endObject().toString();
    }

    /** Through a chunk on the heap, so that an object is never held twice. */
    private static void copy(ByteBuffer from, OutputStream to) throws IOException {
        byte[] chunk = new byte[Math.min(CHUNK_LENGTH, from.remaining())];
        while (from.hasRemaining()) {
            int length = Math.min(chunk.length, from.remaining());
            from.get(chunk, 0, length);
            to.write(chunk, 0, length);
        }
    }
}
