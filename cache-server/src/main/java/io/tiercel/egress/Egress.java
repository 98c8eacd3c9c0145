package io.tiercel.egress;

import io.aeron.Aeron;
import io.tiercel.ErrorCode;
import io.tiercel.shard.Duty;
import io.tiercel.shard.Shard;
import java.util.ArrayList;
import java.util.List;

/** All sessions and their turn to send. Single writer: shard agent. */
public final class Egress implements Duty {
    private final Shard shard;
    private final Aeron aeron;
    private final ReplyEncoder encoder = new ReplyEncoder();
    private final List<Session> sessions = new ArrayList<>();

    public Egress(Shard shard, Aeron aeron) {
        this.shard = shard;
        this.aeron = aeron;
    }

    /** Opens the way back to a client; its replies wait until it listens. */
    public Session open(String clientName, String replyChannel, int replyStreamId, long nowNs) {
        Session session = new Session(shard, encoder, aeron, clientName, replyChannel, replyStreamId, nowNs);
        sessions.add(session);
        return session;
    }

    @Override
    public int doWork(long nowNs) {
        int work = 0;
        for (int i = sessions.size() - 1; i >= 0; i--) {
            Session session = sessions.get(i);
            work += session.doWork(nowNs);
            if (session.isClosed()) {
                sessions.remove(i);
            }
        }
        return work;
    }

    /** Whether nothing waits to be sent. */
    public boolean isDrained() {
        return sessions.stream().allMatch(session -> session.pending() == 0);
    }

    @Override
    public void onClose() {
        sessions.forEach(session -> session.close(ErrorCode.NODE_UNAVAILABLE, "node is stopping"));
        sessions.clear();
    }
}
