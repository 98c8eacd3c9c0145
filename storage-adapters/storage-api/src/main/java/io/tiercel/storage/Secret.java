package io.tiercel.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A password or key, which shows itself to nobody by accident. Immutable and threadsafe; equal by value. */
public final class Secret {
    private static final long MAX_FILE_LENGTH = 64 * 1024;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /**
     * The secret of a parameter that names a file, else of the environment, else null.
     *
     * @param fileParameter name of the parameter, {@code ...File}; one line end at the end of the file is not part of it.
     * @throws IllegalArgumentException when the file cannot be read, naming it.
     */
    public static @Nullable Secret find(StoreUri uri, String fileParameter, String variable) {
        String file = uri.parameter(fileParameter);
        if (file != null) {
            return new Secret(read(fileParameter, Path.of(file)));
        }
        String value = System.getenv(variable);
        return value == null || value.isEmpty() ? null : new Secret(value);
    }

    private static String read(String parameter, Path file) {
        try {
            if (Files.size(file) > MAX_FILE_LENGTH) {
                throw new IllegalArgumentException(parameter + "=" + file + " is too long for a secret");
            }
            return Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new IllegalArgumentException(parameter + "=" + file + " cannot be read: " + e, e);
        }
    }

    /** The value itself: for the client that needs it, never for a text. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
