package io.tiercel.tier;

import io.tiercel.segment.SegmentFile;
import io.tiercel.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files in {@code segments/} at a start, judged by their headers, none touched yet. Immutable.
 *
 * @param unfinished files that were being made when the node before died.
 */
record FoundSegments(List<Found> segments, List<Path> unfinished) {
    /** One file and its header. */
    record Found(Path path, SegmentHeader header, long length) {}

    private static final Pattern NAME = Pattern.compile("(\\d{1,7})\\.seg");

    static FoundSegments in(Path directory, long storeId) throws IOException {
        List<Found> segments = new ArrayList<>();
        List<Path> unfinished = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                Matcher matcher = NAME.matcher(name);
                if (matcher.matches()) {
                    long length = Files.size(file);
                    segments.add(new Found(file, SegmentHeader.of(SegmentFile.readHeader(file),
                            Integer.parseInt(matcher.group(1)), storeId, length), length));
                } else if (name.endsWith(SegmentFile.UNFINISHED_SUFFIX)) {
                    unfinished.add(file);
                }
            }
        }
        return new FoundSegments(segments, unfinished);
    }

    /** Bytes of all files. */
    long length() {
        return segments.stream().mapToLong(Found::length).sum();
    }

    /** Refuses a file that a newer build wrote. */
    void refuseNewer() {
        for (Found found : segments) {
            if (found.header().newer()) {
                throw ControlKeeper.newer(found.path(), found.header().defect());
            }
        }
    }
}
