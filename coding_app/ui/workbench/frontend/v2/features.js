// The features of the workbench, in the order in which they are opened; each is a function of the desk (see desk.js).

import { openCalibrating } from "./calibrating.js";
import { openCodebook } from "./codebook.js";
import { openComparing } from "./comparing.js";
import { openEvidence } from "./evidence.js";
import { openFinishing } from "./finishing.js";
import { openHelp } from "./help.js";
import { openLinking } from "./linking.js";
import { openListening } from "./listening.js";
import { openMoments } from "./moments.js";
import { openNaming } from "./naming.js";
import { openPedals } from "./pedals.js";
import { openPicture } from "./picture.js";
import { openRating } from "./rating.js";
import { openReading } from "./reading.js";
import { openRemarks } from "./remarks.js";
import { openSettings } from "./settings.js";
import { openStepping } from "./stepping.js";
import { openSteps } from "./steps.js";
import { openTagging } from "./tagging.js";
import { openWaveform } from "./waveform.js";

export const FEATURES = [openListening, openWaveform, openStepping, openPicture, openReading, openNaming, openTagging, openMoments, openLinking, openRemarks, openRating, openEvidence, openComparing, openCalibrating, openPedals, openSteps, openCodebook, openSettings, openHelp, openFinishing];
