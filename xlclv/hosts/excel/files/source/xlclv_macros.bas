' What the ribbon, the buttons and Alt+F8 offer. Python does the work; this looks after Excel.
Option Explicit

Private Const TITLE As String = "xlclv"

Public Sub Refresh()
    RunTask "refresh"
End Sub

Public Sub PostRewards()
    RunTask "post_rewards"  ' which asks itself: it knows number and cost
End Sub

Public Sub FreezeForSharing()
    If Confirmed("confirm_freeze") Then RunTask "freeze_for_sharing"
End Sub

Public Sub LoadSample()
    If Confirmed("confirm_load") Then RunTask "load_sample"
End Sub

Public Sub ClearSample()
    If Confirmed("confirm_clear") Then RunTask "clear_sample"
End Sub

Public Sub Doctor()
    RunTask "doctor"
End Sub

' A macro cannot be undone in Excel, so those that replace cells ask first.
Private Function Confirmed(ByVal question As String) As Boolean
    Confirmed = MsgBox(TextOf(question), vbOKCancel + vbQuestion, TITLE) = vbOK
End Function

Private Sub RunTask(ByVal task As String)
    If ActiveWorkbook Is Nothing Then
        MsgBox TextOf("no_book"), vbExclamation, TITLE
        Exit Sub
    End If
    #If Mac Then
        ' Python still runs when this returns, and looks after Excel by itself.
        RunPython TASKS & task & "()"
    #Else
        RunGuarded TASKS & task & "()"
    #End If
End Sub

' Whatever happens in Python, Excel is left as it was.
Private Sub RunGuarded(ByVal pythonCode As String)
    Dim oldCalculation As Long, oldCursor As Long
    Dim oldEvents As Boolean, oldUpdating As Boolean
    oldCalculation = Application.Calculation
    oldCursor = Application.Cursor
    oldEvents = Application.EnableEvents
    oldUpdating = Application.ScreenUpdating
    On Error GoTo Failed
    Application.StatusBar = TextOf("working")
    Application.Cursor = xlWait
    RunPython pythonCode
Restore:
    On Error Resume Next
    Application.StatusBar = False
    Application.Cursor = oldCursor
    Application.EnableEvents = oldEvents
    Application.ScreenUpdating = oldUpdating
    Application.Calculation = oldCalculation
    Exit Sub
Failed:
    MsgBox Replace(TextOf("failed"), "{reason}", Err.Description), vbCritical, TITLE
    Resume Restore
End Sub
