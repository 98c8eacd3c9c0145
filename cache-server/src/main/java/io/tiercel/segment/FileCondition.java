package io.tiercel.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What others did to a file that we have mapped. */
public enum FileCondition {
    /** As long as it was mapped, or longer. */
    WHOLE,
    /** Shorter: touching the mapping behind its end is a fault. */
    CUT_SHORT,
    /** Without its name. The mapping goes on, and with it the bytes, until it is given up. */
    MISSING,
    /** Nobody can tell. */
    UNKNOWN;

    /** Looks at a file that was mapped with that length. */
    public static FileCondition of(Path file, long mappedLength) {
        try {
            return Files.size(file) < mappedLength ? CUT_SHORT : WHOLE;
        } catch (NoSuchFileException e) {
            return MISSING;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
