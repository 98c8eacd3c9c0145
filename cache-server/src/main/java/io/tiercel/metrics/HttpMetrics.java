package io.tiercel.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts and latencies of HTTP requests. Threadsafe. */
public final class HttpMetrics {
    private static final String ABORTED = "aborted";

    private final Counter requests = Counter.builder().name("tiercel_http_requests_total")
            .help("Requests ended, by operation and status; aborted: the answer did not get out whole.")
            .labelNames("operation", "status").build();
    private final Counter defects = Counter.builder().name("tiercel_http_defects_total")
            .help("Requests answered 500 because of a defect of the node; its log says more.").build();
    private final Counter received = Counter.builder().name("tiercel_http_received_bytes_total")
            .help("Payload bytes of puts taken in.").build();
    private final Counter sent = Counter.builder().name("tiercel_http_sent_bytes_total")
            .help("Payload bytes of objects handed to the network.").build();
    private final Gauge active = Gauge.builder().name("tiercel_http_requests_active").help("Requests under way.")
            .build();
    private final Map<Operation, Latency> latencies = new EnumMap<>(Operation.class);

    public HttpMetrics() {
        long nowNs = System.nanoTime();
        for (Operation operation : Operation.values()) {
            latencies.put(operation, new Latency(Labels.of("operation", operation.label()), nowNs));
        }
    }

    public void begun() {
        active.inc();
    }

    /** A request is over and its connection is done with it. */
    public void ended(Operation operation, int status, boolean isAborted, long latencyNs) {
        active.dec();
        requests.labelValues(operation.label(), isAborted ? ABORTED : Integer.toString(status)).inc();
        Latency latency = latencies.get(operation);
        if (latency != null) {
            latency.record(latencyNs);
        }
    }

    public void defect() {
        defects.inc();
    }

    public void received(long length) {
        received.inc(length);
    }

    public void sent(long length) {
        sent.inc(length);
    }

    /** Requests under way. */
    public long activeCount() {
        return (long) active.get();
    }

    /** Defects so far. */
    public long defectCount() {
        return (long) defects.get();
    }

    /** Everything, as it is now. */
    public List<MetricSnapshot> collect() {
        long nowNs = System.nanoTime();
        HistogramSnapshot.Builder seconds = HistogramSnapshot.builder().name("tiercel_http_request_seconds")
                .help("From the request's headers to the end of the answer, by operation.");
        GaugeSnapshot.Builder longest = GaugeSnapshot.builder().name("tiercel_http_request_max_seconds")
                .help("Longest request of the last minute or two, by operation.");
        for (Latency latency : latencies.values()) {
            seconds.dataPoint(latency.collect(nowNs));
            longest.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(latency.labels()).value(latency.maxS()).build());
        }
        return List.of(requests.collect(), defects.collect(), received.collect(), sent.collect(), active.collect(),
                seconds.build(), longest.build());
    }
}
