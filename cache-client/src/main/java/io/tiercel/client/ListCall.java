package io.tiercel.client;

import io.tiercel.Key;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.ListPageDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Asks for a page of a listing: the first, which opens a cursor at the node, or the one after another. */
final class ListCall extends Call<ListPage> {
    private final Sessions sessions;
    private final String prefix;
    private final ListOptions options;
    private final @Nullable Page previous;

    private ListCall(Sessions sessions, String prefix, ListOptions options, @Nullable Page previous) {
        super(sessions.deadlineNs(0L));
        this.sessions = sessions;
        this.prefix = prefix;
        this.options = options;
        this.previous = previous;
    }

    /** @param folder as it was spelled; the root where it is empty or nothing but slashes and dots. */
    static ListCall open(Sessions sessions, String folder, ListOptions options) {
        return new ListCall(sessions, isRoot(folder) ? "" : Key.of(folder).toString(), options, null);
    }

    static boolean isRoot(String folder) {
        return folder.chars().allMatch(c -> c == '/' || c == '\\' || c == '.') && !folder.contains("..");
    }

    @Override
    String what() {
        return "list of " + (prefix.isEmpty() ? "/" : prefix);
    }

    @Override
    boolean isCancellable() {
        return true;
    }

    @Override
    boolean trySend(RequestSender sender) {
        return previous == null
                ? sender.listOpen(correlationId(), timeoutMs(), prefix, options)
                : sender.listNext(correlationId(), timeoutMs(), previous.cursorId);
    }

    @Override
    void onListPage(ListPageDecoder reply) {
        Session carrier = session();
        long cursorId = reply.cursorId();
        boolean last = reply.last() == Flag.YES;
        // A node of the first version does not tell.
        Served served = reply.served() == io.tiercel.wire.codec.Served.NULL_VAL
                ? Served.STORE
                : WireTypes.served(reply.served());
        List<ListEntry> entries = new ArrayList<>();
        for (ListPageDecoder.EntriesDecoder entry : reply.entries()) {
            EntryKind kind = WireTypes.kind(entry.kind());
            long length = entry.length();
            long lastModifiedMs = entry.lastModifiedMs();
            String path = entry.path();
            entries.add(new ListEntry(path, kind, length, lastModifiedMs, entry.etag()));
        }
        if (carrier != null) {
            complete(new Page(carrier, cursorId, last, served, Collections.unmodifiableList(entries)));
        }
    }

    @Override
    void discard(ListPage value) {
        value.close();
    }

    /** A page, bound to the session in which its cursor lives. */
    final class Page implements ListPage {
        private final Session session;
        private final long cursorId;
        private final boolean last;
        private final Served served;
        private final List<ListEntry> entries;
        private final AtomicBoolean left = new AtomicBoolean();

        private Page(Session session, long cursorId, boolean last, Served served, List<ListEntry> entries) {
            this.session = session;
            this.cursorId = cursorId;
            this.last = last;
            this.served = served;
            this.entries = entries;
        }

        @Override
        public List<ListEntry> entries() {
            return entries;
        }

        @Override
        public boolean isLast() {
            return last;
        }

        @Override
        public Served served() {
            return served;
        }

        @Override
        public CompletableFuture<ListPage> next() {
            return session.callAsync(following());
        }

        ListPage nextBlocking() {
            return session.call(following());
        }

        private ListCall following() {
            if (last || !left.compareAndSet(false, true)) {
                throw new IllegalStateException(
                        last ? "the listing has ended" : "the page was left already: next or close came before");
            }
            return new ListCall(sessions, prefix, options, this);
        }

        @Override
        public void close() {
            if (!last && left.compareAndSet(false, true)) {
                session.notify(sender -> sender.listClose(cursorId));
            }
        }
    }
}
