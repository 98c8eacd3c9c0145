package io.tiercel.cli;

import io.tiercel.node.Units;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 250ms} as milliseconds, more than 0. */
final class DurationConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        long milliseconds = Units.durationMsOf(text);
        if (milliseconds <= 0) {
            throw new TypeConversionException("'" + text + "' is no duration such as 250ms or 10m");
        }
        return milliseconds;
    }
}
