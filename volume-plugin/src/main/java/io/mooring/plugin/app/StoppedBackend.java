package io.mooring.plugin.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.volume.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * A driver as ever, which a test can stop between the record of who has a volume and what the kernel has: before a mount,
 * when only the record says so; after it, when the record does not name the device yet; before a release; and after it,
 * when nothing is left and the record still says otherwise. There is one only where tests ask for it.
 */
final class StoppedBackend {
    private StoppedBackend() {}

    static Backend around(CrashPoints points, Backend inner) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    reach(points, "before:", method.getName(), arguments);
                    try {
                        Object result = method.invoke(inner, arguments);
                        reach(points, "after:", method.getName(), arguments);
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void reach(CrashPoints points, String when, String call, Object[] arguments) {
        if (call.equals("mount") || call.equals("release")) {
            points.reach(when + call, ((Target) arguments[0]).volume().name().value());
        }
    }
}
