/** `npm start`: brings the stack up, from compiled code that is kept between starts. */
import { keepCompiled } from "./compile-cache.ts";

keepCompiled();
await import("./run.ts");
