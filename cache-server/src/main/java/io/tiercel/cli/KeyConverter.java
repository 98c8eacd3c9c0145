package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a key, so that an illegal one is bad usage before anything is connected. */
final class KeyConverter implements ITypeConverter<Key> {
    @Override
    public Key convert(String text) {
        try {
            return Key.of(text);
        } catch (TiercelException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
