// The behaviours every page has. Each module listens on the document, so that content swapped in later has them too.
import "./focus.js";
import "./shortcuts.js";
import "./grid.js";
import "./once.js";
import "./restored.js";
import "./copy.js";
