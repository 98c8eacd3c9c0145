package io.tiercel.client;

import io.tiercel.wire.codec.FrameStartDecoder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Short texts that came before, so that the tag of a frame that is read again, and the few content types that there are,
 * are not decoded anew: a table by their bytes, one text a place. Polling thread only.
 */
final class KnownTexts {
    private static final int PLACES = 256;
    private static final int PLACE_SHIFT = Long.SIZE - 8;
    private static final int MOST_LENGTH = 64;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final @Nullable Known[] places = new Known[PLACES];
    private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);

    /** A text, and its bytes in words: the last one ends with the text, and overlaps the one before. */
    private static final class Known {
        private final String text;
        private final int length;
        private final long[] words;

        Known(String text, int length, long[] words) {
            this.text = text;
            this.length = length;
            this.words = words;
        }
    }

    /** The next field of the reply, which is read as its order demands: the tag, then the type. */
    String etag(FrameStartDecoder reply) {
        reply.wrapEtag(view);
        return of(view);
    }

    String contentType(FrameStartDecoder reply) {
        reply.wrapContentType(view);
        return of(view);
    }

    /** The text of bytes in UTF-8. */
    String of(DirectBuffer bytes) {
        int length = bytes.capacity();
        if (length == 0) {
            return "";
        }
        if (length < Long.BYTES || length > MOST_LENGTH) {
            return decoded(bytes);
        }
        long mixed = ((bytes.getLong(0) * MULTIPLIER) + bytes.getLong(length - Long.BYTES)) * MULTIPLIER;
        int place = (int) (mixed >>> PLACE_SHIFT);
        Known known = places[place];
        if (known != null && isOf(known, bytes)) {
            return known.text;
        }
        String text = decoded(bytes);
        places[place] = new Known(text, length, words(bytes));
        return text;
    }

    private static boolean isOf(Known known, DirectBuffer bytes) {
        if (known.length != bytes.capacity()) {
            return false;
        }
        for (int i = 0; i < known.words.length; i++) {
            if (known.words[i] != word(bytes, i)) {
                return false;
            }
        }
        return true;
    }

    private static long[] words(DirectBuffer bytes) {
        long[] words = new long[(bytes.capacity() + Long.BYTES - 1) / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(bytes, i);
        }
        return words;
    }

    private static long word(DirectBuffer bytes, int number) {
        return bytes.getLong(Math.min(number * Long.BYTES, bytes.capacity() - Long.BYTES));
    }

    private static String decoded(DirectBuffer bytes) {
        byte[] copy = new byte[bytes.capacity()];
        bytes.getBytes(0, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
