// Brings the page to life. Everything works without it except that nothing moves by itself.

import { startPicker } from "./columns.js";
import { startConflicts } from "./conflicts.js";
import { startDrag } from "./drag.js";
import { startDrawer } from "./drawer.js";
import { startFilters } from "./filters.js";
import { startFresh } from "./fresh.js";
import { startHelp, startKeys } from "./keys.js";
import { flush, refresh, startLive } from "./live.js";
import { startMenu, targets } from "./menu.js";
import { onAnswers } from "./moves.js";
import { startPrint } from "./print.js";
import { startTheme } from "./theme.js";
import { startUnderWay } from "./underway.js";
import { startWall } from "./wall.js";

startTheme();
startFresh();
startPicker();
startFilters();
startDrawer();
startConflicts();
startKeys(() => flush());
startHelp();
startMenu(() => flush());
startDrag(targets, () => flush());
onAnswers(flush, refresh);
startWall();
startPrint();
startUnderWay();
startLive();
document.documentElement.dataset.scripts = "on";
