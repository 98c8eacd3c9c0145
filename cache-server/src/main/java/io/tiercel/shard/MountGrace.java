package io.tiercel.shard;

import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.tier.Retention;
import java.util.List;
import org.agrona.DirectBuffer;

/** Keeps expired frames as long as their mounts may still serve them. Single writer: shard agent. */
public final class MountGrace implements Retention {
    private MountTable mounts = new MountTable(List.of());

    /** The mounts from now on; before there are any, nothing that expired is kept. */
    public void mounts(MountTable table) {
        mounts = table;
    }

    @Override
    public long graceMs(DirectBuffer key, int offset, int length) {
        if (!mounts.keepsExpired()) {
            return 0L;
        }
        Mount mount = mounts.mountOf(key.getStringWithoutLengthUtf8(offset, length));
        return mount == null || mount.isCacheOnly() ? 0L : mount.policy().freshness().graceMs();
    }
}
