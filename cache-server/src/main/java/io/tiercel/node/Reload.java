package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.ReplacedStores;
import io.tiercel.shard.ShardProxy;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes on the mounts of a configuration that is read again, while the node serves. All or nothing: what is wrong in it
 * is told, and the node goes on as before. Threadsafe; one at a time.
 */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Mounts mounts;
    private final MountRegister register;
    private final ShardProxy shard;
    private @Nullable Supplier<NodeConfiguration> source;
    private @Nullable NodeConfiguration inForce;

    Reload(Mounts mounts, MountRegister register, ShardProxy shard) {
        this.mounts = mounts;
        this.register = register;
        this.shard = shard;
    }

    /** Where configurations come from, and the one that the node was started with. */
    synchronized void from(Supplier<NodeConfiguration> reader, NodeConfiguration started) {
        source = reader;
        inForce = started;
    }

    /**
     * Reads the configuration again and takes on its mounts. Blocks while stores are opened, each for
     * its mount's timeout at most.
     *
     * @throws TiercelException BAD_CONFIGURATION saying all that is wrong; NOT_SUPPORTED when the node's settings came
     *     from no source that can be read again; NO_SPACE when what other stores had cannot be dropped for good. The
     *     mounts are those of before then.
     */
    synchronized MountChanges run() {
        if (source == null) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "the node's settings came from its program: there is nothing to read again");
        }
        NodeConfiguration next = source.get();
        List<MountSettings> wanted = next.settings().mounts();
        MountChanges changes = MountChanges.between(mounts.settings(), wanted, needRestart(next));
        Map<MountSettings, Mount> prepared = mounts.prepare(wanted);
        try {
            ReplacedStores replaced = register.replaced(wanted);
            register.suspend(wanted, replaced.prefixes());
            shard.mounts(List.copyOf(prepared.values()), replaced).join();
        } catch (RuntimeException e) {
            mounts.discard(prepared);
            throw typed(e);
        }
        mounts.adopt(prepared);
        remember(wanted);
        LOG.info("mounts reloaded: {}", changes.json());
        return changes;
    }

    /** What the register does not say for good is dropped at the next start: a loss of frames, not of the promise. */
    private void remember(List<MountSettings> taken) {
        try {
            register.write(taken);
        } catch (UncheckedIOException e) {
            LOG.warn("mounts are in force, but what is cached of changed ones will not outlive a restart: {}", e
                    .getMessage());
        }
    }

    private static RuntimeException typed(RuntimeException failure) {
        if (failure instanceof CompletionException && failure.getCause() instanceof TiercelException typed) {
            return typed;
        }
        if (failure instanceof UncheckedIOException) {
            return new TiercelException(ErrorCode.NO_SPACE, String.valueOf(failure.getMessage()), failure);
        }
        return failure;
    }

    /** Settings beside those of mounts that have another value than the node was started with. */
    private List<String> needRestart(NodeConfiguration next) {
        Map<String, String> values = new HashMap<>();
        if (inForce != null) {
            inForce.effective().forEach(setting -> values.put(setting.key(), setting.value()));
        }
        return next.effective().stream().filter(setting -> !setting.key().startsWith("mounts.") && !setting.value()
                .equals(values.get(setting.key()))).map(EffectiveSetting::key).toList();
    }
}
