package io.tiercel.storage.sftp;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** A request under way: one thread waits for the answer, another brings it. Threadsafe. */
class Exchange {
    private @Nullable Buffer answer;
    private boolean answered;
    private boolean abandoned;
    private boolean broken;

    /**
     * Takes the answer, whose bytes are the bringer's again afterwards.
     *
     * @param packet from its length on.
     * @return false when nobody waits for it any more.
     */
    final synchronized boolean answer(int type, Buffer packet) throws IOException {
        if (abandoned || answered) {
            return false;
        }
        answer = keep(type, packet);
        answered = true;
        notifyAll();
        return true;
    }

    /** What of an answer goes to who waits. */
    Buffer keep(int type, Buffer packet) throws IOException {
        Buffer copy = new ByteArrayBuffer(packet.available(), false);
        copy.putBuffer(packet);
        return copy;
    }

    /** Says that there will be no answer. */
    final synchronized void fail() {
        broken = true;
        notifyAll();
    }

    final synchronized void abandon() {
        abandoned = true;
    }

    /** Makes it ready for another request; nobody may wait for the last one. */
    final synchronized void reset() {
        answer = null;
        answered = false;
        abandoned = false;
        broken = false;
    }

    /**
     * The answer, null when the time was up.
     *
     * @throws EOFException when the connection is gone.
     */
    final synchronized @Nullable Buffer await(long timeoutMs) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (!answered) {
            if (broken) {
                throw new EOFException("the connection ended");
            }
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(leftNs, 1_000_000));
        }
        return answer;
    }
}
