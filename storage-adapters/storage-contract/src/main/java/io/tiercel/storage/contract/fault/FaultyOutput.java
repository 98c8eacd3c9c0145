package io.tiercel.storage.contract.fault;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The way back to the client, as slow and as short as a fault has it. Not threadsafe. */
final class FaultyOutput extends OutputStream {
    private static final int PORTIONS_PER_SECOND = 20;

    /** The fault lets no more bytes pass. */
    static final class Cut extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final OutputStream to;
    private final Fault fault;
    private final Tally tally;
    private long left;

    FaultyOutput(OutputStream to, Fault fault, Tally tally) {
        this.to = to;
        this.fault = fault;
        this.tally = tally;
        this.left = fault.bodyLimit();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    /** @throws Cut when not all may pass; what may has. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int count = (int) Math.min(length, left);
        if (fault.bytesPerSecond() == 0) {
            pass(bytes, offset, count);
        } else {
            passSlowly(bytes, offset, count);
        }
        left -= count;
        if (count < length) {
            throw new Cut();
        }
    }

    private void passSlowly(byte[] bytes, int offset, int count) throws IOException {
        int portion = Math.max(1, fault.bytesPerSecond() / PORTIONS_PER_SECOND);
        long pauseNs = TimeUnit.SECONDS.toNanos(portion) / fault.bytesPerSecond();
        for (int done = 0; done < count; done += portion) {
            pass(bytes, offset + done, Math.min(portion, count - done));
            LockSupport.parkNanos(pauseNs);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the proxy was closed");
            }
        }
    }

    private void pass(byte[] bytes, int offset, int count) throws IOException {
        to.write(bytes, offset, count);
        tally.addBytes(count);
    }
}
