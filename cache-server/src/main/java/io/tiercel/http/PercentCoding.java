package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Percent-escapes of a URI, decoded exactly once and strictly: a bad escape and bytes that are not UTF-8 are refused.
 * Everything else, {@code +} and {@code ;} included, stands for itself.
 */
final class PercentCoding {
    private PercentCoding() {}

    /**
     * The text that a raw part of a URI spells.
     *
     * @throws TiercelException with the code given.
     */
    static String decode(String raw, ErrorCode code) {
        byte[] utf8 = raw.getBytes(StandardCharsets.UTF_8);
        if (raw.indexOf('\uFFFD') >= 0) {
            throw new TiercelException(code, "the URI holds bytes that are not UTF-8");
        }
        int length = 0;
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] == '%') {
                utf8[length++] = escaped(utf8, i, code);
                i += 2;
            } else {
                utf8[length++] = utf8[i];
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(utf8, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TiercelException(code, "the URI's percent-escapes are not UTF-8", e);
        }
    }

    private static byte escaped(byte[] utf8, int at, ErrorCode code) {
        int high = at + 2 < utf8.length ? Character.digit(utf8[at + 1], 16) : -1;
        int low = at + 2 < utf8.length ? Character.digit(utf8[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
            throw new TiercelException(code, "the URI has a percent sign without two hex digits: write %25 for it");
        }
        return (byte) (high << 4 | low);
    }
}
