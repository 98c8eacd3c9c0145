package io.tiercel.ingress;

import io.tiercel.Key;
import io.tiercel.shard.Reading;
import io.tiercel.shard.Shard;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The objects that one client reads by ranges, so that what a store sends for it goes on with its next question: a few,
 * for a while. Single writer: shard agent.
 */
final class Readings {
    /** Objects at a time; of more the one that was asked for longest ago begins anew. */
    static final int MOST = 16;

    private final Map<Key, Reading> readings = new LinkedHashMap<>();

    /** The client's reading of an object. */
    Reading of(Key key, Shard shard) {
        Reading reading = readings.remove(key);
        if (reading == null) {
            reading = Reading.ofManyReads(key);
            if (readings.size() >= MOST) {
                Key oldest = readings.keySet().iterator().next();
                end(oldest, shard);
            }
        }
        readings.put(key, reading);
        return reading;
    }

    /** The client has read to the end. */
    void end(Key key, Shard shard) {
        Reading reading = readings.remove(key);
        if (reading != null) {
            shard.endReading(reading);
        }
    }

    /** The client is gone. */
    void endAll(Shard shard) {
        readings.values().forEach(shard::endReading);
        readings.clear();
    }
}
