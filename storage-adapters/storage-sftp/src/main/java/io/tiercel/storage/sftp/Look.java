package io.tiercel.storage.sftp;

import org.jspecify.annotations.Nullable;

/**
 * What a path led to at one moment. Immutable and threadsafe.
 *
 * @param stamp of what is there, links followed; null when nothing is.
 * @param real where that is on the server, without links; where it would be when nothing is there.
 * @param place where the path's own entry stands, be it a link; null when a folder above is missing.
 * @param isLink whether the entry itself is a link.
 * @param isUnderFile whether something above is no folder.
 */
record Look(@Nullable SftpStamp stamp, String real, @Nullable String place, boolean isLink, boolean isUnderFile) {
    static Look missing(String path, boolean isUnderFile) {
        return new Look(null, path, null, false, isUnderFile);
    }
}
