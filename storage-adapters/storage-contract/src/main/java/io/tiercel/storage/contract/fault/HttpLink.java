package io.tiercel.storage.contract.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Function;

/** One client's connection in HTTP: request after request, each with its fault. Owned by one thread. */
final class HttpLink {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

    private final Link link;
    private final Function<String, Fault> faults;
    private final Tally tally;
    private final InputStream fromClient;
    private final OutputStream toClient;

    HttpLink(Link link, Function<String, Fault> faults, Tally tally) throws IOException {
        this.link = link;
        this.faults = faults;
        this.tally = tally;
        this.fromClient = new BufferedInputStream(link.client().getInputStream());
        this.toClient = link.client().getOutputStream();
    }

    void run() throws IOException {
        boolean more = true;
        while (more) {
            HttpHead request = HttpHead.read(fromClient);
            more = request != null && serve(request) && !request.hasToken("Connection", "close");
        }
    }

    private boolean serve(HttpHead request) throws IOException {
        tally.addRequest(request.request());
        Fault fault = faults.apply(request.request());
        byte[] instead = fault.instead();
        if (request.hasToken("Expect", "100-continue")) {
            toClient.write(CONTINUE);
        }
        if (instead != null) {
            new HttpBody(fromClient, OutputStream.nullOutputStream()).passRequest(request);
            toClient.write(instead);
            return link.finish(fault.end());
        }
        HttpHead answer = ask(request.without("Expect"));
        boolean goesOn = !fault.isAnswerLost() && passAnswer(request, answer, fault);
        return link.finish(goesOn || fault.end() != Fault.End.KEEP ? fault.end() : Fault.End.CLOSE);
    }

    private HttpHead ask(HttpHead request) throws IOException {
        OutputStream toServer = link.server().getOutputStream();
        toServer.write(request.bytes());
        new HttpBody(fromClient, toServer).passRequest(request);
        HttpHead answer;
        do {
            answer = HttpHead.read(fromServer());
            if (answer == null) {
                throw new EOFException("the server closed in place of an answer");
            }
        } while (answer.status() / 100 == 1);
        return answer;
    }

    private boolean passAnswer(HttpHead request, HttpHead answer, Fault fault) throws IOException {
        toClient.write(fault.changed(answer).bytes());
        boolean toHead = request.firstLine().startsWith("HEAD ");
        try {
            boolean goesOn = new HttpBody(fromServer(), new FaultyOutput(toClient, fault, tally)).passAnswer(answer,
                    toHead);
            toClient.write(fault.tail());
            return goesOn;
        } catch (FaultyOutput.Cut e) {
            return false;
        }
    }

    /** Unbuffered: a head is short, and a body read by portions. */
    private InputStream fromServer() throws IOException {
        return link.server().getInputStream();
    }
}
