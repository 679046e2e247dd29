package io.trainyard.engine.onednn;

import io.trainyard.engine.graph.PlacedWeight;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/** Gates of a kernel that lie side by side, in the flat array and in oneDNN's: layer, direction, input, gate, output. */
record Gates(Strided parameter, memory array) {

    static List<Gates> of(PlacedWeight weight, memory array, PlanBuilder plan) {
        long[] whole = Layouts.dims(array.get_desc());
        long units = whole[whole.length - 1];
        boolean bias = whole.length == 4;
        List<Gates> all = new ArrayList<>();
        long gate = 0;
        for (var part : weight.parts()) {
            Strided columns = Strided.of(part);
            int last = columns.dims().length - 1;
            long gates = columns.dims()[last] / units;
            long step = columns.strides()[last];
            long size = weight.weight().size();
            Strided parameter = bias
                    ? new Strided(columns.offset(), new long[] {1, 1, gates, units}, new long[] {
                        size, size, units * step, step
                    })
                    : new Strided(columns.offset(), new long[] {1, 1, whole[2], gates, units}, new long[] {
                        size, size, columns.strides()[0], units * step, step
                    });
            long[] offsets = new long[whole.length];
            offsets[whole.length - 2] = gate;
            all.add(new Gates(parameter, plan.view(array.get_desc().submemory_desc(parameter.dims(), offsets), array)));
            gate += gates;
        }
        return all;
    }
}
