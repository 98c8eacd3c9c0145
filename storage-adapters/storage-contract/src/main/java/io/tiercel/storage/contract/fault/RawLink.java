package io.tiercel.storage.contract.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection of any protocol. It takes a fault when it begins, and another when the script was changed
 * meanwhile, at the next bytes either way. Two threads, one a direction.
 */
final class RawLink {
    private static final int PORTION_LENGTH = 16 * 1024;

    private final Link link;
    private final Supplier<FaultScript> scripts;
    private final Tally tally;
    private @Nullable FaultScript script;
    private Fault fault = Fault.none();
    private @Nullable FaultyOutput output;

    RawLink(Link link, Supplier<FaultScript> scripts, Tally tally) {
        this.link = link;
        this.scripts = scripts;
        this.tally = tally;
    }

    /** Takes its fault; gives whether the server is to be met at all. */
    boolean begin() throws IOException {
        return output() != null;
    }

    void passRequests() throws IOException {
        InputStream in = link.client().getInputStream();
        byte[] portion = new byte[PORTION_LENGTH];
        for (int count = in.read(portion); count >= 0; count = in.read(portion)) {
            if (output() == null) {
                return;
            }
            OutputStream out = link.server().getOutputStream();
            out.write(portion, 0, count);
        }
        link.server().shutdownOutput();
    }

    void passAnswers() throws IOException {
        InputStream in = link.server().getInputStream();
        byte[] portion = new byte[PORTION_LENGTH];
        for (int count = in.read(portion); count >= 0; count = in.read(portion)) {
            FaultyOutput out = output();
            if (out == null) {
                return;
            }
            try {
                out.write(portion, 0, count);
            } catch (FaultyOutput.Cut e) {
                finish();
                return;
            }
        }
        link.client().shutdownOutput();
    }

    /** Where answers go now; null when the fault was that there are none, which has been seen to. */
    private @Nullable FaultyOutput output() throws IOException {
        byte[] instead;
        synchronized (this) {
            FaultScript current = scripts.get();
            if (script == current && output != null) {
                return output;
            }
            script = current;
            fault = current.next("");
            instead = fault.instead();
            output = new FaultyOutput(link.client().getOutputStream(), fault, tally);
            if (instead == null) {
                return output;
            }
        }
        link.client().getOutputStream().write(instead);
        finish();
        return null;
    }

    private void finish() throws IOException {
        if (link.finish(fault.end())) {
            link.close();
        }
    }
}
