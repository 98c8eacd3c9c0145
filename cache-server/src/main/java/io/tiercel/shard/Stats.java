package io.tiercel.shard;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.Tier;
import java.util.Objects;

/** Makes the answer to stat from what a tier, a mount table or a store knows. Stateless. */
final class Stats {
    private Stats() {}

    static StatResult ofFrame(FrameView frame, String mount) {
        String tier = frame.tier() == Tier.HEAP ? "heap" : "mapped";
        return new StatResult(EntryKind.FILE, frame.payloadLength(), frame.etag(), frame.contentType(),
                frame.lastModifiedMs(), frame.expiresAtMs(), tier, mount, frame.weight(), frame.epoch());
    }

    /** @param frame that holds the manifest. */
    static StatResult ofPages(Manifest manifest, FrameView frame, String mount) {
        String tier = frame.tier() == Tier.HEAP ? "heap" : "mapped";
        return new StatResult(EntryKind.FILE, manifest.totalLength(), frame.etag(), frame.contentType(),
                frame.lastModifiedMs(), frame.expiresAtMs(), tier, mount, frame.weight(), frame.epoch());
    }

    static StatResult ofFolder(String mount) {
        return new StatResult(EntryKind.FOLDER, 0L, "", "", 0L, 0L, "", mount, 0L, 0L);
    }

    static StatResult ofStore(ObjectInfo info, String mount) {
        EntryKind kind = info.isFolder() ? EntryKind.FOLDER : EntryKind.FILE;
        return new StatResult(kind, info.length(), Objects.requireNonNullElse(info.etag(), ""),
                Objects.requireNonNullElse(info.contentType(), ""), info.lastModifiedMs(), 0L, "",
                mount, 0L, 0L);
    }
}
