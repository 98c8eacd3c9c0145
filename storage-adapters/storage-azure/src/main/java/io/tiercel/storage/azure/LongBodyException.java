package io.tiercel.storage.azure;

import java.io.IOException;
import java.io.Serial;

/** More bytes came than the answer had stated. */
final class LongBodyException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;
}
